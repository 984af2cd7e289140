using Godwit.Faults;

namespace Godwit.Storage.Download;

internal static class UrlFaults
{
    public static Fault Malformed() => new("storage.url_malformed", FaultKind.Usage,
        What: "Cannot read the web address",
        Why: "it is not one, or a shell took a part of it away",
        Remedy: "Put it between single quotes, because a signed one holds '&': "
            + "godwit archive check 'https://host/path?signature'.");

    public static Fault WithPassword(string name) => new("storage.url_password", FaultKind.Usage,
        What: $"Cannot use the web address of {name}",
        Why: "it holds a user or a password in front of the host, "
            + "and a command line can be read by every user of this machine",
        Remedy: "Have a link signed, or send what another program fetches: "
            + "curl --silent --fail --config FILE | godwit archive check -");

    public static Fault Refused(string name, string said) => new("storage.url_refused", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: $"its server refuses the link ({said})",
        Remedy: "A signed link expires, and one changed letter makes it worthless: "
            + "make a new one, and put it between single quotes, because it holds '&'.");

    public static Fault Missing(string name, string said) => new("storage.url_missing", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: $"there is nothing at this address ({said})",
        Remedy: "Check the spelling. The link may be older than a clean-up of what it led to.");

    public static Fault Redirected(string name, string why) => new("storage.url_redirected", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: why,
        Remedy: "Ask for a link that leads to the file itself, or fetch the file with a browser and name that.");

    public static Fault Unreachable(string name, string why) => new("storage.url_unreachable", FaultKind.Transient,
        What: $"Cannot read {name}",
        Why: $"the connection failed ({why})",
        Remedy: "Check the host's name, and this machine's network, proxy and firewall. Then run the command again.");

    public static Fault Unavailable(string name, string said) => new("storage.url_unavailable", FaultKind.Transient,
        What: $"Cannot read {name} for now",
        Why: $"its server kept failing after several attempts ({said})",
        Remedy: "Wait a few minutes, then run the command again with a link that is still valid.");

    public static Fault Failed(string name, string said) => new("storage.url_failed", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: $"its server does not give it ({said})",
        Remedy: "Try the link with a browser. If that fetches the file, name the file.");

    public static Fault Replaced(string name) => new("storage.url_replaced", FaultKind.Refused,
        What: $"Cannot read {name} to its end",
        Why: "something else is at this address by now, and half of the one with half of the other is nothing",
        Remedy: "Run the command again: it reads what is there now from its beginning.");

    public static Fault Broken(string name, long givenBytes, string why) => new(
        "storage.url_broken", FaultKind.Transient,
        What: $"Cannot read {name} to its end",
        Why: $"the connection broke after {givenBytes} bytes ({why}), and this server cannot go on in the middle",
        Remedy: "Run the command again; it begins anew. "
            + "On a bad line, fetch the file first with a program that keeps trying, and name the file.");
}
