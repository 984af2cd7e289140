using System.Net;
using Godwit.Faults;

namespace Godwit.Storage;

public sealed record DiskOptions
{
    /// <summary>The address at which Godwit serves objects of a <c>disk:</c> store: an IP address and a port, 0 for any
    /// free one. Loopback by default.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>The URL by which others reach <see cref="Listen"/>, through a tunnel or proxy. Null: the listen
    /// address.</summary>
    public string? PublicUrl { get; init; }

    internal IEnumerable<OptionProblem> Problems()
    {
        if (!IPEndPoint.TryParse(Listen, out _))
            yield return new("--disk-listen", "is not an IP address with a port",
                "Give both, e.g. 0.0.0.0:8080 or 127.0.0.1:0.");
        if (PublicUrl is not null && !StoreOptions.IsWebAddress(PublicUrl))
            yield return new(
                "--disk-public-url", "is not an http:// or https:// address without user, query or fragment",
                "Give the address under which others reach this machine, e.g. https://my-tunnel.example.com.");
    }
}
