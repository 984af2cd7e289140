using Godwit.Postgres;

namespace Godwit.Assess.Checks;

/// <summary>How much there is to move.</summary>
internal sealed class SizeCheck : ICheck
{
    /// <summary>Heroku's own advice for its restore; its guides say 100 GB.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-import-export</remarks>
    private const long RestoreAdviceBytes = 20_000_000_000;

    public string Name => "size";

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var tables = await world.TablesAsync(ct);
        var bytes = await world.BytesAsync(ct);
        notes.Tell("size", $"{ServerCatalog.Number(bytes / 1_000_000)} MB in {ServerCatalog.Number(tables.Count)} tables");
        if (tables.Count == 0)
            notes.Find(SourceFindings.NoTables());
        if (bytes > RestoreAdviceBytes)
            notes.Find(SourceFindings.Large(bytes / 1_000_000_000));
    }
}
