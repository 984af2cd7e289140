using Godwit.Postgres;

namespace Godwit.Assess.Checks.Time;

internal sealed class SizeCheck : ICheck
{
    // Heroku names "many" as a cause of time-outs, without a number. Up to PostgreSQL 16 each one is an archive entry
    // with its own statements; a hundred thousand take pg_restore minutes.
    private const long LargeObjectsMany = 100_000;

    private const string LargeObjectBytes = "SELECT pg_catalog.pg_total_relation_size('pg_catalog.pg_largeobject')";

    public string Name => "size";

    public IReadOnlyList<string> Acceptable => SizeFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var tables = await world.TablesAsync(ct);
        var bytes = await world.BytesAsync(ct);
        notes.AddFact("size", $"{Megabytes(bytes)} in {await world.TablesInWordsAsync(ct)}");
        if (tables.Count > 1 && tables[0].Bytes >= 1_000_000)
            notes.AddFact("largest table", $"{tables[0].Name}, {Megabytes(tables[0].Bytes)} without its indexes");
        if (await ServerCatalog.LargeObjectsAsync(world.Source, ct) is var objects and > 0)
        {
            notes.AddFact("large objects",
                $"{ServerCatalog.Number(objects)}, "
                + $"{Megabytes(await world.Source.ScalarAsync<long>(LargeObjectBytes, ct))}");
            if (world.IsForHeroku && objects > LargeObjectsMany && await world.WhyDirectAsync(ct) is null)
                notes.Add(SizeFindings.ManyLargeObjects(ServerCatalog.Number(objects)));
        }

        if (tables.Count == 0)
            notes.Add(SizeFindings.NoTables());
        if (!world.IsForHeroku || await world.WhyDirectAsync(ct) is not null)
            return;
        if (bytes > BackupRouteLimits.GuidesBytes)
            notes.Add(SizeFindings.VeryLarge(bytes / 1_000_000_000));
        else if (bytes > BackupRouteLimits.AdviceBytes)
            notes.Add(SizeFindings.Large(bytes / 1_000_000_000));
    }

    private static string Megabytes(long bytes) => $"{ServerCatalog.Number(bytes / 1_000_000)} MB";
}
