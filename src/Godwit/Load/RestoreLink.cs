using Godwit.Faults;
using Godwit.Storage;

namespace Godwit.Load;

/// <summary>This process's signed link: secret and never stored, so a resumed run signs a new one.</summary>
/// <param name="herokuIsHere">Heroku is on this machine (heroku-local), so it can follow a link to loopback.</param>
public sealed class RestoreLink(
    IObjectStore store, string key, Func<LinkLife> life, bool herokuIsHere, TimeProvider clock) : IDisposable
{
    // Every custom-format archive begins with these bytes. https://www.postgresql.org/docs/current/app-pgdump.html
    private static readonly byte[] Magic = "PGDMP"u8.ToArray();

    // A link that is shorter than wanted by more was limited by the store, not only signed slowly.
    private static readonly TimeSpan Shortened = TimeSpan.FromMinutes(1);

    private readonly LinkReader _reader = new();
    private SignedLink? _link;

    /// <summary>The link has expired, or is about to.</summary>
    public bool IsExpired => _link is null || _link.ExpiresAt - clock.GetUtcNow() < TimeSpan.FromSeconds(30);

    /// <summary>Why the last link lives so long: a clause.</summary>
    public string Why { get; private set; } = "";

    public async Task<SignedLink> CurrentAsync(CancellationToken ct) => IsExpired ? await SignAsync(ct) : _link!;

    /// <summary>Signs a new link and reads its first bytes, as Heroku will: an untested link proves nothing.</summary>
    /// <exception cref="FaultException">Heroku could not follow the link, or it does not give the dump.</exception>
    public async Task<SignedLink> SignAsync(CancellationToken ct)
    {
        var wanted = life();
        var link = await store.SignAsync(key, wanted.Wanted, ct);
        Why = wanted.Wanted - (link.ExpiresAt - clock.GetUtcNow()) > Shortened
            ? "as long as the store and its keys allow" : wanted.Why;
        var url = new Uri(link.Url.Reveal());
        if (!herokuIsHere && LinkReader.IsOnlyHere(url))
            throw new FaultException(LoadFaults.LinkUnreachable(url.Authority));
        await RequireReadableAsync(url, link.Url, ct);
        return _link = link;
    }

    public void Dispose() => _reader.Dispose();

    private async Task RequireReadableAsync(Uri url, Secret secret, CancellationToken ct)
    {
        var start = await _reader.ReadStartAsync(url, secret, Magic.Length, ct);
        if (start.Problem is { } problem)
            throw new FaultException(LoadFaults.LinkBroken(store.Address, problem));
        if (!start.Bytes.SequenceEqual(Magic))
            throw new FaultException(LoadFaults.LinkBroken(store.Address,
                "what it gives does not begin as a PostgreSQL archive does"));
    }
}
