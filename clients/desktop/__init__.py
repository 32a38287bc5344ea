"""The desktop client: `skirmish desktop`, drawn by pygame-ce.

Owns: a window on a server. Must not know: the server. `core` decides what is shown, heard and
asked for, and knows neither pygame nor Trio; `window` paints, sounds and reads the hands, and knows
no network; `talk` holds the conversations, and knows no window; `app` brings the three together.
"""
