namespace Godwit.Assess.Checks.Time;

/// <summary>Whether the contents come over without Heroku's restore, and why.</summary>
internal sealed class RouteCheck : ICheck
{
    public string Name => "route";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (await world.WhyDirectAsync(ct) is not { } why)
            return;
        notes.Tell("route", "direct: from server to server, without a dump and without a store");
        notes.Find(RouteFindings.Direct(why));
        if (world.Wishes.DumpFlags.Count > 0)
            notes.Find(RouteFindings.DumpFlags(world.Wishes.DumpFlags));
    }
}
