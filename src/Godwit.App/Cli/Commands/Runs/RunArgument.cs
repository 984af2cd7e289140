using System.CommandLine;

namespace Godwit.App.Cli.Commands;

internal static class RunArgument
{
    public static Argument<string?> Optional(string description)
    {
        var run = new Argument<string?>("RUN") { Arity = ArgumentArity.ZeroOrOne, Description = description };
        // The parser would take a mistyped flag for the run's id.
        run.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] flag }])
                result.AddError($"There is no option '{flag}' here.");
        });
        return run;
    }
}
