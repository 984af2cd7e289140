namespace Godwit.Assess.Checks;

/// <summary>Which PostgreSQL the source is, and whether something here can dump it.</summary>
internal sealed class ServerCheck : ICheck
{
    private const int MajorMin = 12;

    public string Name => "server";

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var source = world.Source;
        notes.Tell("source", $"PostgreSQL {source.ServerVersion}, {world.Provider.Title}");
        if (source.ServerMajor < MajorMin)
            notes.Find(SourceFindings.TooOld(source.Address, source.ServerMajor));
        if (await world.FindDumperAsync(ct) is { } dumper)
            notes.Tell("dumped by", dumper.Name);
        else if (world.DumperFault is { } fault)
            notes.Find(Finding.Of(fault));
    }
}
