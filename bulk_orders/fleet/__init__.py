"""Workers: processes on any machine that send the orders of runs which others planned."""
