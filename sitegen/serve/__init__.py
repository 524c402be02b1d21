"""``sitegen serve``: all hosts on 127.0.0.1, and what is saved shown at once.

A change is looked at twice, by two processes at the same time. This one makes the page of a record that was saved as soon as it is read, without
looking at what the record cannot concern (:mod:`.early`). Another builds everything that the change concerns, as ``sitegen build`` does
(:mod:`.whole`); when it is done, the sites on the disk are what is shown (:mod:`.showing`). Browsers are told when the very page that they
show is another than it was, and of no other change (:mod:`.pages`).
"""
