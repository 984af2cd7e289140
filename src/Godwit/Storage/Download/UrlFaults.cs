using Godwit.Faults;

namespace Godwit.Storage.Download;

internal static class UrlFaults
{
    public static Fault Malformed() => new("storage.url_malformed", FaultKind.Usage,
        What: "Cannot read the web address",
        Why: "it is not a valid address, or the shell cut off a part of it",
        Remedy: "Put it between single quotes, because a signed address contains '&': "
            + "godwit archive check 'https://host/path?signature'.");

    public static Fault WithPassword(string name) => new("storage.url_password", FaultKind.Usage,
        What: $"Cannot use the web address of {name}",
        Why: "it contains a user name or a password, and every user of this machine can read a command line",
        Remedy: "Use a signed link, or pipe the download of another program into Godwit: "
            + "curl --silent --fail --config FILE | godwit archive check -");

    public static Fault Refused(string name, string said) => new("storage.url_refused", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: $"its server refuses the link ({said})",
        Remedy: "Create a new link, and put it between single quotes, because it contains '&'. "
            + "A signed link expires, and one changed character makes it invalid.");

    public static Fault Missing(string name, string said) => new("storage.url_missing", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: $"there is nothing at this address ({said})",
        Remedy: "Check the spelling. The file may have been deleted since the link was created.");

    public static Fault Redirected(string name, string why) => new("storage.url_redirected", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: why,
        Remedy: "Use a link that leads directly to the file. "
            + "Or download the file with a browser, and give Godwit its path.");

    public static Fault Unreachable(string name, string why) => new("storage.url_unreachable", FaultKind.Transient,
        What: $"Cannot read {name}",
        Why: $"the connection failed ({why})",
        Remedy: "Check the host name, and this machine's network, proxy and firewall. Then run the command again.");

    public static Fault Unavailable(string name, string said) => new("storage.url_unavailable", FaultKind.Transient,
        What: $"Cannot read {name} for now",
        Why: $"its server kept failing after several attempts ({said})",
        Remedy: "Wait a few minutes, then run the command again with a link that is still valid.");

    public static Fault Failed(string name, string said) => new("storage.url_failed", FaultKind.Refused,
        What: $"Cannot read {name}",
        Why: $"the request failed ({said})",
        Remedy: "Try the link in a browser. If it works there, give Godwit the path of the downloaded file.");

    public static Fault Replaced(string name) => new("storage.url_replaced", FaultKind.Refused,
        What: $"Cannot read {name} to its end",
        Why: "the file at this address changed during the download, and parts of two versions do not fit together",
        Remedy: "Run the command again. It reads the new file from the beginning.");

    public static Fault Broken(string name, long givenBytes, string why) => new(
        "storage.url_broken", FaultKind.Transient,
        What: $"Cannot read {name} to its end",
        Why: $"the connection broke after {givenBytes} bytes ({why}), and this server cannot resume a download",
        Remedy: "Run the command again; it starts from the beginning. If the network is unreliable, "
            + "download the file with a program that retries, and give Godwit its path.");
}
