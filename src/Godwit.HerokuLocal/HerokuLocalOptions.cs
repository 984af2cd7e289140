using Godwit.Faults;

namespace Godwit.HerokuLocal;

/// <summary>How a local Heroku runs. The defaults are here and nowhere else.</summary>
public sealed record HerokuLocalOptions
{
    /// <summary>Everything it keeps: the cluster, backups, its state and its token. Created when missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Both APIs answer here. 0 takes the one of last time, or any free one.</summary>
    public int Port { get; init; }

    /// <summary>Must be a loopback address.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>What callers must send. Null: the one in <see cref="TokenFile"/>, or else the one kept in the folder,
    /// made on first use.</summary>
    public Secret? Token { get; init; }

    /// <summary>A file whose first line is the token.</summary>
    public string? TokenFile { get; init; }

    public string Email { get; init; } = "dev@example.com";

    /// <summary>How long an add-on stays <c>provisioning</c> before its database is made.</summary>
    public TimeSpan ProvisioningTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>As many as Heroku gives an account; then it answers 429. Many runs that share a server need what as
    /// many accounts have.</summary>
    public int CallsPerHourMax { get; init; } = 4500;

    /// <summary>Process types of every new app, with their quantities: as if something had been deployed.</summary>
    public IReadOnlyDictionary<string, int> ProcessTypes { get; init; } =
        new Dictionary<string, int> { ["web"] = 1, ["worker"] = 1 };

    /// <summary>Orders for trouble; the grammar is in Trouble/TroubleSpec.cs and docs/heroku-local.md.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>As <see cref="LocalClusterOptions.BinFolder"/>.</summary>
    public string? BinFolder { get; init; }

    /// <summary>As <see cref="LocalClusterOptions.Durable"/>.</summary>
    public bool Durable { get; init; } = true;
}
