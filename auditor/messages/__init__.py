"""Who is told what, and when: two readers, one digest a night, nothing said twice.

`matters` asks the database what concerns whom tonight; `digest` decides what of it is new; `sending` carries it.
"""
