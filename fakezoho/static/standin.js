// Keeps the first page alive: asks for the summary and rewrites what changed. Texts only, never markup.
"use strict";

const seen = new Set();
let first = true;

function cell(row, text, className) {
  const td = row.insertCell();
  td.textContent = text;
  if (className) td.className = className;
  return td;
}

function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  parent.append(element);
  return element;
}

function link(parent, text, url) {
  const a = add(parent, "a", text);
  if (/^https?:\/\//.test(url)) a.href = url;
  a.rel = "noreferrer";
}

function callRow(call) {
  const row = document.createElement("tr");
  const key = call.id + call.status + call.recording + call.subject;
  if (!seen.has(key) && !first) row.className = "fresh";
  seen.add(key);
  cell(row, call.created.slice(0, 19).replace("T", " "), "time");
  cell(row, call.portal);
  add(cell(row, ""), "span", call.direction === "inbound" ? "↙" : "↗", "way " + call.direction).title = call.direction;
  const contact = cell(row, "");
  add(contact, "b", call.contact);
  add(contact, "small", call.phone);
  link(cell(row, ""), call.subject, call.url);
  cell(row, Math.floor(call.seconds / 60) + ":" + String(call.seconds % 60).padStart(2, "0"), "number");
  add(cell(row, ""), "span", call.status, "tag");
  const recording = cell(row, "");
  if (call.recording) link(recording, "listen", call.recording);
  else add(recording, "span", "–", "quiet");
  return row;
}

function statusColour(status) {
  if (status >= 200 && status < 300) return "tag green";
  return status >= 300 && status < 400 ? "tag" : "tag red";
}

function entryRow(entry) {
  const row = document.createElement("tr");
  cell(row, new Date(entry.at * 1000).toISOString().slice(11, 23), "time");
  cell(row, entry.dc + (entry.portal ? " / " + entry.portal : ""));
  cell(row, entry.method + " " + entry.path + (entry.query ? "?" + entry.query : ""), "path");
  add(cell(row, ""), "span", entry.status || "no answer", statusColour(entry.status));
  cell(row, entry.at_once || "", "number");
  cell(row, (entry.seconds * 1000).toFixed(1), "number");
  add(cell(row, ""), "code", entry.token);
  cell(row, [entry.fault, entry.note].filter(Boolean).join(" · "));
  return row;
}

function show(summary) {
  for (const portal of summary.portals) {
    const card = document.querySelector(`[data-portal="${CSS.escape(portal.dc + "/" + portal.name)}"]`);
    if (!card) continue;
    for (const dd of card.querySelectorAll("[data-count]")) dd.textContent = portal.counts[dd.dataset.count];
    for (const value of card.querySelectorAll("[data-value]")) value.textContent = portal[value.dataset.value].toLocaleString("en");
  }
  document.getElementById("calls").replaceChildren(...summary.calls.map(callRow));
  document.getElementById("entries").replaceChildren(...summary.journal.map(entryRow));
  document.getElementById("no-calls").hidden = summary.calls.length > 0;
  document.getElementById("calls-table").hidden = summary.calls.length === 0;
  document.getElementById("no-entries").hidden = summary.journal.length > 0;
  document.getElementById("entries-table").hidden = summary.journal.length === 0;
  for (const [name, count] of Object.entries(summary.counts)) document.getElementById("count-" + name).textContent = count;
  first = false;
}

async function refresh() {
  const live = document.getElementById("live");
  try {
    const answer = await fetch("/_standin/summary");
    if (!answer.ok) throw new Error(answer.status);
    show(await answer.json());
    live.textContent = "live";
    live.className = "live";
  } catch {
    live.textContent = "not reachable";
    live.className = "live away";
  }
  setTimeout(refresh, document.hidden ? 5000 : 1500);
}

refresh();
