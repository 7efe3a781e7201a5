"""Tools a curator runs by hand: they prepare data files, they are no part of the application."""
