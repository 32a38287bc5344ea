"""The desktop client: `skirmish desktop`, drawn by pygame-ce.

Owns: a window on a server. Must not know: the server. `core` decides what is shown, heard and
requested, and knows neither pygame nor Trio; `window` paints, plays sounds and reads the devices,
and knows no network; `connection` talks to the server, and knows no window; `app` connects the
three.
"""
