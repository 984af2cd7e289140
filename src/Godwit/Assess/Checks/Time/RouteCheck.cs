namespace Godwit.Assess.Checks.Time;

internal sealed class RouteCheck : ICheck
{
    public string Name => "route";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (await world.WhyDirectAsync(ct) is not { } why)
            return;
        notes.AddFact("route", "direct: from server to server, without a dump and without a store");
        notes.Add(RouteFindings.Direct(why, world.Parts.Target is { Heroku: null }
            ? "With --route backup --via STORE, Godwit dumps into a store and restores from there."
            : "Where Heroku offers its restore, --route backup takes that instead."));
        if (world.Request.DumpFlags.Count > 0)
            notes.Add(RouteFindings.DumpFlags(world.Request.DumpFlags));
    }
}
