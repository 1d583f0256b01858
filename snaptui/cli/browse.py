"""`snaptui`: the full-screen browser."""

from snaptui.cli.wiring import Parts


def run(parts: Parts, query: str) -> int:
    """Start the first request, then import and run the screen."""
    client = None
    if parts.credentials is not None:
        client = parts.connect(parts.credentials.token)
        client.prefetch()
    from snaptui.tui.app import SnaptuiApp
    from snaptui.tui.session import Session

    session = Session(
        client=client,
        connect=parts.connect,
        settings=parts.settings,
        credentials=parts.credentials,
        api_host=parts.api_host,
        initial_query=query,
        demo=parts.demo,
        journal=parts.journal,
    )
    return SnaptuiApp(session).run() or 0
