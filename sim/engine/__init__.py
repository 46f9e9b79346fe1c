"""The engine: calendar, compiled event queue, addressed draws and compilation. It knows nothing of the domain.

Its modules are imported by name (``from sim.engine.draws import uniform``); importing the folder loads none of them.
"""
