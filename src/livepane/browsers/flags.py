"""The command line that Livepane gives to a Chromium of its own."""

from __future__ import annotations

from collections.abc import Sequence

_QUIET = (
    # It asks nobody anything, and speaks to nobody but the pages that it shows.
    "--no-first-run",
    "--no-default-browser-check",
    "--no-service-autorun",
    "--no-startup-window",
    "--no-pings",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-search-engine-choice-screen",
    "--disable-sync",
    "--disable-features="
    + ",".join(
        (
            "AutofillServerCommunication",
            "CertificateTransparencyComponentUpdater",
            "DialMediaRouteProvider",
            "GlobalMediaControls",
            "HttpsUpgrades",
            "InterestFeedContentSuggestions",
            "MediaRouter",
            "OptimizationHints",
            "Translate",
            "WebUIOmniboxAimPopup",
            "WebUIOmniboxPopup",
        )
    ),
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
    "--mute-audio",
    "--disable-quic",
)

_DRAWS = (
    # Every page is drawn as if it were in front: each one may be watched.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-hang-monitor",
)


def command_line(profile: str, *, sandbox: bool, extra: Sequence[str] = ()) -> list[str]:
    """Arguments for a headless Chromium that is driven over its pipe and keeps everything in `profile`.

    `--hide-scrollbars` is not among them: a viewer sees the page as a person would.
    """
    return [
        "--headless=new",
        "--remote-debugging-pipe=cbor",
        f"--user-data-dir={profile}",
        *_QUIET,
        *_DRAWS,
        *([] if sandbox else ["--no-sandbox"]),
        *extra,
    ]
