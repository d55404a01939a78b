"""The web server: connections in one event loop, Django in a bounded number of threads.

A thread is busy only while Django works. Whoever is silent, sends slowly or reads slowly costs a connection of the
event loop and no thread, and so does an open stream.
"""
