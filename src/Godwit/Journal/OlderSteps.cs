using Godwit.Pipeline;

namespace Godwit.Journal;

/// <summary>Traits for journals of older versions, which kept only the names of steps. No step is added here.</summary>
internal static class OlderSteps
{
    public static StepTraits TraitsOf(string name) => name switch
    {
        "assess" => StepTraits.OnlyLooks | StepTraits.ReachesSource,
        "backup" => StepTraits.OnlyLooks,
        "freeze" => StepTraits.Downtime | StepTraits.StopsWrites,
        "dump" or "link" or "restore" or "copy" or "rights" or "analyze" or "settings" or "accept" =>
            StepTraits.Downtime,
        "verify" => StepTraits.Downtime | StepTraits.Proves,
        "cutover" => StepTraits.Downtime | StepTraits.PointOfNoReturn,
        "thaw" => StepTraits.Downtime | StepTraits.LetsWrite,
        "pause" => StepTraits.StopsWritesAgain,
        _ => StepTraits.None,
    };
}
