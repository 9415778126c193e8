"""Figures for a window, computed from what the store holds; nothing here is stored beside it."""
