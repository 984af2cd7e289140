using Godwit.Postgres;

namespace Godwit.Assess.Checks;

/// <summary>Large objects: each is an entry of its own in an archive, and is restored one by one.</summary>
internal sealed class LargeObjectsCheck : ICheck
{
    /// <summary>Heroku advises against its backups, and so its restore, "with many large objects", without a number. At this one a restore takes minutes more.</summary>
    /// <remarks>https://devcenter.heroku.com/articles/heroku-postgres-backups</remarks>
    private const long ManyMin = 100_000;

    private const string Size = "SELECT pg_catalog.pg_table_size('pg_catalog.pg_largeobject')";

    public string Name => "large objects";

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var count = await ServerCatalog.LargeObjectsAsync(world.Source, ct);
        if (count == 0)
            return;
        var megabytes = await world.Source.ScalarAsync<long>(Size, ct) / 1_000_000;
        notes.Tell("large objects", $"{ServerCatalog.Number(count)}, {(megabytes == 0 ? "less than 1" : ServerCatalog.Number(megabytes))} MB");
        if (count >= ManyMin)
            notes.Find(LargeObjectsFindings.Many(count, megabytes));
    }
}
