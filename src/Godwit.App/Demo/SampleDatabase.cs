// Demo: what `godwit demo` migrates, and how it is set up on this machine.
//
// The sample database is an embedded SQL script, which an ordinary owner of an empty database can run. It contains what
// often makes migrations fail, in the form of a small coffee shop.
using Godwit.Faults;
using Npgsql;

namespace Godwit.App.Demo;

/// <summary>Limosa Coffee. Every build gives the same rows.</summary>
public static class SampleDatabase
{
    /// <summary>Ordinary ones and partitions, without partitioned tables.</summary>
    public const int Tables = 46;

    /// <summary>Of all tables.</summary>
    public const long Rows = 377_692;

    /// <summary>One of them is empty.</summary>
    public const int LargeObjects = 4;

    // A build takes about four seconds. After this time, it has failed.
    private static readonly TimeSpan BuildMax = TimeSpan.FromMinutes(3);

    /// <summary>Plain SQL without psql's commands, in one transaction, for an empty UTF-8 database and its
    /// owner.</summary>
    public static string Script { get; } = Read("sample-database.sql");

    /// <summary>Builds all of it, or leaves the database empty.</summary>
    /// <param name="connectionString">Npgsql's, for the owner of an empty database.</param>
    /// <exception cref="NpgsqlException">The database is not empty, or an extension is missing.</exception>
    public static async Task CreateAsync(Secret connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString.Reveal());
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(Script, connection) { CommandTimeout = (int)BuildMax.TotalSeconds };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Read(string name)
    {
        using var stream = typeof(SampleDatabase).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is not in this build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
