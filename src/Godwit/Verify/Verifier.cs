using Godwit.Pipeline;
using Godwit.Postgres;
using Godwit.Verify.Rows;
using Godwit.Verify.Schema;

namespace Godwit.Verify;

/// <summary>Compares two databases, each at one moment, and only reads them.</summary>
public sealed class Verifier(PostgresAddress source, PostgresAddress target, VerifyOptions options, TimeProvider clock)
{
    /// <summary>Under this name the events stand.</summary>
    public const string StepName = "verify";

    public async Task<Verdict> RunAsync(IProgress<StepEvent> progress, CancellationToken ct)
    {
        var begun = clock.GetUtcNow();
        var started = clock.GetTimestamp();
        await using var from = await Side.OpenAsync(source, options.SourceSnapshot, options.Jobs, ct);
        await using var into = await Side.OpenAsync(target, null, options.Jobs, ct);
        var schema = await SchemaComparer.CompareAsync(from, into, options.Expected, ct);
        var rows = await new TablesComparer(from, into, options, clock).CompareAsync(progress, ct);
        return new(options.Level, source.ToString(), target.ToString(), rows.Tables, schema.Objects, schema.Compared, [], [.. rows.Omissions, .. schema.Omissions], begun, clock.GetElapsedTime(started));
    }
}
