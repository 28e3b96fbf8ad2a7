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


# Only the last `--disable-features` counts, so what Playwright switches off itself is said again. The popups of the address bar
# are ours: each context would load them in two processes of their own, which costs more CPU than many a job.
_OFF_IN_A_SCRIPT = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "Translate",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
IN_A_SCRIPT = (
    # Besides what Playwright gives to a Chromium: nothing goes around the proxy (`--force-webrtc-ip-handling-policy`, which is
    # copied a lot, does not stop STUN; this one does), and it asks nobody anything.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-features=" + ",".join(_OFF_IN_A_SCRIPT),
    "--disable-quic",
    "--no-pings",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--mute-audio",
)
