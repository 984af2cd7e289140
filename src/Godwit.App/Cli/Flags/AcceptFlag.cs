using System.CommandLine;
using Godwit.Assess;
using Godwit.Load;
using Godwit.Verify;

namespace Godwit.App.Cli.Flags;

/// <summary>The <c>--accept CODE</c> that several commands take.</summary>
internal static class AcceptFlag
{
    public static Option<string[]> Repeatable(string description)
    {
        var accept = new Option<string[]>("--accept")
        {
            Description = $"{description} docs/findings.md and docs/faults.md list them.", HelpName = "CODE",
            Arity = ArgumentArity.OneOrMore,
        };
        // A mistyped code would be noticed only after the restore it was meant for.
        accept.AcceptOnlyFromAmong([.. TargetRequest.Acceptable, .. Assessment.Acceptable, .. VerifyStep.Acceptable]);
        return accept;
    }
}
