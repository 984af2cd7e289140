namespace Godwit.HerokuLocal;

/// <summary>All defaults are here.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>For <c>data/</c>, log, socket, superuser's password. Created when missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Of initdb, pg_ctl and postgres. Null: the newest of this machine, or for an existing cluster the one of
    /// its major.</summary>
    public string? BinFolder { get; init; }

    /// <summary>0 chooses a free port.</summary>
    public int Port { get; init; }

    /// <summary>For <see cref="Port"/> 0, if it is free. 0: no preference.</summary>
    public int PreferredPort { get; init; }

    /// <summary>Must be loopback.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>False turns fsync off: faster, but data is lost if the machine (not the program) dies. For tests and
    /// the demo.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Offers TLS, with a self-signed certificate.</summary>
    public bool HasTls { get; init; } = true;

    /// <summary>Refuses connections without TLS, except through the socket. Needs <see cref="HasTls"/>.</summary>
    public bool RequireTls { get; init; }

    public int ConnectionsMax { get; init; } = 100;

    /// <summary>Further lines of postgresql.conf: <c>wal_level</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
