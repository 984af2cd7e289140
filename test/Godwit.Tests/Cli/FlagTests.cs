using System.Text.RegularExpressions;
using Godwit.Requests;
using Godwit.Tests.Tidy;
using Mono.Cecil;

namespace Godwit.Tests.Cli;

/// <summary>A flag that is accepted and ignored is a lie: <c>--no-freeze</c> that freezes.</summary>
public sealed partial class FlagTests
{
    [Fact]
    public void Every_flag_and_argument_is_read_by_its_command()
    {
        var files = Repository.Product
            .Where(file => file.Name.StartsWith("src/Godwit.App/Cli/", StringComparison.Ordinal)).ToList();
        var declared = files.SelectMany(file =>
            Declared().Matches(file.Text).Select(match => (File: file, Name: match.Groups[1].Value))).ToList();
        Assert.NotEmpty(declared);
        // A factory hands its option on to the command that reads it.
        Findings.None(declared.Where(one => !one.File.Text.Contains($"return {one.Name};", StringComparison.Ordinal)
            && !Regex.IsMatch(one.File.Text, $@"\.Get(Required)?(Value|Result)\(\s*{one.Name}\s*\)"))
            .Select(one => $"{one.File}: {one.Name}"), "Read it with parsed.GetValue, or remove it.");
    }

    [Fact]
    public void Every_wish_of_the_user_reaches_the_run()
    {
        var groups = typeof(RunSettings).Assembly.GetTypes().Where(type =>
            type.Namespace == typeof(RunSettings).Namespace && type.GetMethod("<Clone>$") is not null).ToList();
        var wishes = from type in groups
                     from property in type.GetProperties()
                     where property.Name != "EqualityContract"
                     select (type.FullName, "get_" + property.Name);
        var read = from module in new[] { Assemblies.Engine, Assemblies.App }
                   from type in module.AllTypes()
                   where Rooms.Home(type) is not ("Report" or "Journal") && type.Name != nameof(RunSettingsConverter)
                       && type.Outermost().Name
                           is not ("MigrateOptions" or "StatusCommand" or "ResumeCommand" or "RollbackCommand")
                   from instruction in type.Instructions()
                   let method = instruction.Operand as MethodReference
                   where method is not null && groups.Exists(one => one.FullName == method.DeclaringType.FullName)
                   select (method.DeclaringType.FullName, method.Name);
        Findings.None(wishes.Except(read).Select(one => $"{one}"), "It is kept with the run, and nothing acts on it.");
    }

    [GeneratedRegex(@"(?:(?:Option|Argument)<[^;=()]+>|\bvar)\s+(\w+)\s*(?:\{[^}]*\}\s*)?=\s*"
        + @"(?:new\s+(?:Option|Argument)<|new\(""--|\w+(?:\.\w+)?\((?<=Option\(|Optional\())")]
    private static partial Regex Declared();
}
