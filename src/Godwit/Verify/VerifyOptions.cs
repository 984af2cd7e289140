using Godwit.Proof;
using Godwit.Verify.Queries;
using Godwit.Verify.Schema;

namespace Godwit.Verify;

public sealed record VerifyOptions
{
    public VerifyLevel Level { get; init; } = VerifyLevel.Checksums;

    /// <summary>Connections to each side.</summary>
    public required int Jobs { get; init; }

    /// <summary>Bytes of tables that each side reads per second; null: no limit.</summary>
    public long? RateMax { get; init; }

    /// <summary>At most, of each table that differs.</summary>
    public int Show { get; init; } = 20;

    /// <summary>From <c>pg_export_snapshot()</c> in a session that is still open; null: the present state.</summary>
    public string? SourceSnapshot { get; init; }

    public SchemaExpectations Expected { get; init; } = SchemaExpectations.None;

    /// <summary>May differ; as the user names them: <c>SCHEMA.NAME</c>.</summary>
    public IReadOnlyList<string> AcceptViews { get; init; } = [];

    /// <summary>Results are compared in this order.</summary>
    public IReadOnlyList<UserQuery> Queries { get; init; } = [];

    /// <summary>Of two floats in query results, relative to the larger one (absolute if both are below 1); 0:
    /// none.</summary>
    public double FloatTolerance { get; init; }

    /// <summary>For SQL that makes the target's rows equal; null: none.</summary>
    public string? RepairFile { get; init; }
}
