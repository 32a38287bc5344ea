"""The lobby: who is here, what they want, and the ticket that takes them to a match.

Cores (synchronous): names, codes, budget, matchmaker, rooms, session, seats, lobby. Shell: handler.
"""
