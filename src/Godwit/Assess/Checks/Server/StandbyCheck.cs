using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Assess.Checks.Server;

/// <summary>A standby's limits: sessions that may read it, missing tables, its age, and conflicts with
/// recovery.</summary>
internal sealed class StandbyCheck : ICheck
{
    public string Name => "standby";

    public IReadOnlyList<string> Acceptable => [];

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (await StandbyFacts.FindAsync(world.Source, ct) is not { } standby)
            return;
        var source = world.Source.Address;
        if (standby.Sharing.WhyNot is { } why)
            notes.Add(world.Request.HoldsSnapshot && !standby.IsReplayPaused ? StandbyFindings.NoMoment(source,
                why) : StandbyFindings.OneSession(source, why));
        if (standby.IsReplayPaused)
            notes.Add(StandbyFindings.Paused(source, standby.AgeInWords));
        if (standby.Unlogged.Count > 0)
            notes.Add(StandbyFindings.Unlogged(Phrase.List(standby.Unlogged)));
        if (standby.MayEndReads)
            notes.Add(StandbyFindings.MayEndReads(source, standby.DelayMax));
    }
}
