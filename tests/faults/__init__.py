"""Builds from the web while everything that can go wrong does; `CLEANFEED_FULL=1` runs the long ones in full."""
