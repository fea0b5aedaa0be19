"""Pages and answers that mean harm, sent over a socket to a whole build."""
