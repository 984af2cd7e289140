using Godwit.Heroku;

namespace Godwit.Assess.Checks.Time;

/// <summary>Whether source, store and app are in one region, as far as addresses show. Runs after the check of the
/// store, which finds the bucket's region.</summary>
internal sealed class RegionCheck : ICheck
{
    // Of the cloud that Heroku runs on, with the same region names.
    private const string SameCloud = "s3";

    public string Name => "regions";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Parts.Target?.Heroku is not { } heroku)
            return;
        var app = await heroku.Client.FindAppAsync(heroku.App, ct);
        var region = app is not null ? app.Region?.Name
            : world.Request.IsInSpace ? null : world.Request.Region ?? HerokuRegion.Default;
        if (app?.Region is { Name: var there } && world.Request.Region is { } asked && asked != there)
            notes.Add(RegionFindings.Elsewhere(heroku.App, there, asked));
        (string Name, string? Region)[] places =
        [
            ("the source",
                world.Provider.Store?.Scheme == SameCloud ? world.Provider.RegionOf(world.Source.Address) : null),
            ("the store", world.Parts.Store?.Bucket?.Region),
            ($"the app {heroku.App}", region is null ? null : HerokuRegion.InCloud(region)),
        ];
        var known = places.Where(place => place.Region is not null).ToList();
        if (known.Select(place => place.Region).Distinct(StringComparer.Ordinal).Count() > 1)
            notes.Add(RegionFindings.Apart(string.Join(", ",
                known.Select(place => $"{place.Name} in {place.Region}"))));
    }
}
