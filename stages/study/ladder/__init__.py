"""The ladder: what each idea is worth on the post's network, and the best that it reaches.

Every setting is data, in reports/ladder/params.yaml. `search` chooses the values left open there,
`climb` trains all settings from their seeds, `score` alone reads test rows, and `standings` and
`story` make tables, figures and the page from what these left.
"""
