"""The synchronous client: the same names, for threads. One event loop in a thread of its own does the work of all.

What differs, and nothing else does:

    ==========================================  ===================================================================
    `Clio`                                      `SyncClio`
    ==========================================  ===================================================================
    ``async with Clio(…) as clio``              ``with SyncClio(…) as clio``
    ``await clio.aclose()``                     ``clio.close()``
    ``await clio.matters.get(42)``              ``clio.matters.get(42)``, and so with every verb
    ``async for task in clio.tasks.list()``     ``for task in clio.tasks.list()``
    ``await clio.tasks.list().collect()``       ``clio.tasks.list().collect()``
    ``async with clio.matters.edit(42)``        ``with clio.matters.edit(42)``
    ``await clio.matters.edit(42, function)``   ``clio.matters.edit(42, function)``: called in the thread that waits
    ``async with clio.documents.download(42)``  ``with clio.documents.download(42)``
    an async iterable or file, to be uploaded   an iterable, asked for its bytes in the thread that waits
    ``await ensured.close(receiver)``           ``ensured.close(function)``: called in the thread that waits
    ``await clio.webhooks.keep(…)``             not there: ``clio.webhooks.ensure(…)`` from time to time
    `Pages`, `Changes`, `Edit`, `Download`,     `SyncPages`, `SyncChanges`, `SyncEdit`, `SyncDownload`,
    `OAuthApp`                                  `SyncOAuthApp`
    a cancelled task or scope                   ``timeout=``, or whatever is raised in the waiting thread: Ctrl-C
    ==========================================  ===================================================================

Records, errors, options, hooks and stores are the same objects in both.
"""
