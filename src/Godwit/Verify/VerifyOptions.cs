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

    /// <summary>Bytes of tables that each side reads per second at most; null: as fast as it can.</summary>
    public long? RateMax { get; init; }

    /// <summary>Rows shown of each table that differs.</summary>
    public int Show { get; init; } = 20;

    /// <summary>Of a session that is still open at the source, as <c>pg_export_snapshot()</c> names it; null: the
    /// source as it is now.</summary>
    public string? SourceSnapshot { get; init; }

    /// <summary>What is different on purpose.</summary>
    public SchemaExpectations Expected { get; init; } = SchemaExpectations.None;

    /// <summary>Materialized views that may differ, as a person names them: <c>SCHEMA.NAME</c>.</summary>
    public IReadOnlyList<string> AcceptViews { get; init; } = [];

    /// <summary>Statements whose results are compared, in this order.</summary>
    public IReadOnlyList<UserQuery> Queries { get; init; } = [];

    /// <summary>By how much two floats in the results of queries may differ, as a part of the larger one (of 1, where
    /// both are smaller); 0: not at all.</summary>
    public double FloatTolerance { get; init; }

    /// <summary>Where the SQL is written that makes the target's rows equal; null: nowhere.</summary>
    public string? RepairFile { get; init; }
}
