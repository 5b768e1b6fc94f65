"""A made-up year of a helpline, to try the staff pages with and to measure them by; nobody in it is real."""
