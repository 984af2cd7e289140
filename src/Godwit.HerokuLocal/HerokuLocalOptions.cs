using Godwit.Faults;

namespace Godwit.HerokuLocal;

/// <summary>All defaults are here.</summary>
public sealed record HerokuLocalOptions
{
    /// <summary>For cluster, backups, state and token. Created when missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Of both APIs. 0 uses the last one, or any free one.</summary>
    public int Port { get; init; }

    /// <summary>Must be loopback.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Callers must send it. Null: the one in <see cref="TokenFile"/>, or else the folder's own, made on first
    /// use.</summary>
    public Secret? Token { get; init; }

    /// <summary>Its first line is the token.</summary>
    public string? TokenFile { get; init; }

    public string Email { get; init; } = "dev@example.com";

    /// <summary>How long an add-on stays <c>provisioning</c> before its database is created.</summary>
    public TimeSpan ProvisioningTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Heroku's limit per account, above which it answers 429. Many runs on one server need the limit of as
    /// many accounts.</summary>
    public int CallsPerHourMax { get; init; } = 4500;

    /// <summary>Process types and quantities of every new app, as if deployed.</summary>
    public IReadOnlyDictionary<string, int> ProcessTypes { get; init; } =
        new Dictionary<string, int> { ["web"] = 1, ["worker"] = 1 };

    /// <summary>To simulate; the grammar is in Trouble/TroubleSpec.cs and docs/heroku-local.md.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>See <see cref="LocalClusterOptions.BinFolder"/>.</summary>
    public string? BinFolder { get; init; }

    /// <summary>See <see cref="LocalClusterOptions.Durable"/>.</summary>
    public bool Durable { get; init; } = true;
}
