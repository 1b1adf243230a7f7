"""Figures of speed and memory; they are printed and never asserted."""
