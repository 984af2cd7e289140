namespace Godwit.HerokuLocal;

/// <summary>Where a cluster lives and how it runs. The defaults are here and nowhere else.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>Everything of the cluster: <c>data/</c>, its log, its socket, its superuser's password. Created when
    /// missing.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder of initdb, pg_ctl and postgres. Null: the newest of this machine, or for an existing cluster
    /// the one of its major.</summary>
    public string? BinFolder { get; init; }

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>With <see cref="Port"/> 0: taken if it is free, any other if not. 0: no preference.</summary>
    public int PreferredPort { get; init; }

    /// <summary>Must be a loopback address.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>False turns fsync off: faster, and lost when the machine (not the program) dies. For tests and the
    /// demo.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>True refuses a connection without TLS. TLS itself is always on, with a certificate the cluster signed
    /// itself.</summary>
    public bool RequireTls { get; init; }

    public int ConnectionsMax { get; init; } = 100;

    /// <summary>Further lines of postgresql.conf, e.g. <c>wal_level</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
