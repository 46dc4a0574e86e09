"""The choosers of title, publisher and date: reports described by hand, reports made, the fit."""
