// Demo: what `godwit demo` migrates, and how it is put together on this machine.
//
// The sample database is one SQL script, embedded, that an ordinary owner of an empty database can run. It
// holds on purpose what migrations trip over; what a person sees of it is a small coffee shop.
using Godwit.Faults;
using Npgsql;

namespace Godwit.App.Demo;

/// <summary>Limosa Coffee, the database the demo migrates. Every build gives the same rows.</summary>
public static class SampleDatabase
{
    /// <summary>Tables that hold rows themselves: ordinary ones and partitions, not the partitioned tables above
    /// them.</summary>
    public const int Tables = 46;

    /// <summary>Rows of all tables, each counted once.</summary>
    public const long Rows = 377_692;

    /// <summary>Large objects, one of them empty.</summary>
    public const int LargeObjects = 4;

    /// <summary>A build takes about four seconds; a machine on which it takes this long has another problem.</summary>
    private static readonly TimeSpan BuildMax = TimeSpan.FromMinutes(3);

    /// <summary>Plain SQL without psql's own commands, in one transaction. Wants an empty database in UTF-8, and its
    /// owner.</summary>
    public static string Script { get; } = Read("sample-database.sql");

    /// <summary>Builds it whole, or leaves the database empty.</summary>
    /// <param name="connectionString">Of the owner of an empty database, for Npgsql.</param>
    /// <exception cref="NpgsqlException">The server refused: the database is not empty, or an extension is
    /// missing.</exception>
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
