using Godwit.Proof;
using Godwit.Verify.Queries;
using Godwit.Verify.Schema;

namespace Godwit.Verify;

/// <summary>How two databases are compared.</summary>
public sealed record VerifyOptions
{
    public VerifyLevel Level { get; init; } = VerifyLevel.Checksums;

    /// <summary>Connections to each side.</summary>
    public required int Jobs { get; init; }

    /// <summary>Bytes of tables that each side reads per second at most; null: no limit.</summary>
    public long? RateMax { get; init; }

    /// <summary>The most rows shown of each table that differs.</summary>
    public int Show { get; init; } = 20;

    /// <summary>Name from <c>pg_export_snapshot()</c> in a session that is still open at the source; null: the present
    /// state.</summary>
    public string? SourceSnapshot { get; init; }

    /// <summary>Intended differences.</summary>
    public SchemaExpectations Expected { get; init; } = SchemaExpectations.None;

    /// <summary>Materialized views that may differ, as the user names them: <c>SCHEMA.NAME</c>.</summary>
    public IReadOnlyList<string> AcceptViews { get; init; } = [];

    /// <summary>Statements whose results are compared, in this order.</summary>
    public IReadOnlyList<UserQuery> Queries { get; init; } = [];

    /// <summary>The largest allowed difference of two floats in query results, relative to the larger one (absolute if
    /// both are below 1); 0: none.</summary>
    public double FloatTolerance { get; init; }

    /// <summary>File for the SQL that makes the target's rows equal; null: none is written.</summary>
    public string? RepairFile { get; init; }
}
