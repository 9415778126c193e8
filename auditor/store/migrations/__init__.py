"""The database's history: one file per revision, applied in order when a database is opened.

A new revision: change `auditor.store.models`, write `versions/rNNNN_what.py` by hand after the model of the last one,
name it in `REVISIONS`; the tests compare the migrated tables with the models, and upgrade a database of every older
revision.
"""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0010", "0011", "0015", "0016")
HEAD = REVISIONS[-1]
