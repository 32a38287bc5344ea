"""Tickets, the secret that signs them, and files that only this user can read."""
