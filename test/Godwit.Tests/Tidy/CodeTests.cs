using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Godwit.Tests.Tidy;

public sealed partial class CodeTests
{
    [Fact]
    public void Every_public_type_is_sealed_static_or_abstract()
    {
        var open = from module in Assemblies.Product
                   from type in module.AllTypes()
                   where type.IsClass && (type.IsPublic || type.IsNestedPublic) && !type.IsSealed && !type.IsAbstract
                       && !type.IsGenerated()
                       && type.FullName != "Program" // Made public by the web SDK for its own tests.
                   select type.FullName;
        Findings.None(open, "Seal it: a type nobody designed for inheritance must not be inherited from.");
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var notes = from file in Repository.Files
                    where Code().IsMatch(file.Name)
                    from line in file.Lines
                    where Later().IsMatch(line.Text)
                    select $"{file}:{line.Number}: {line.Text.Trim()}";
        Findings.None(notes, "Do it now, or say in the documents that it does not exist yet.");
    }

    [Fact]
    public void Only_the_room_of_providers_names_a_provider()
    {
        var names = from file in Repository.Product
                    where !file.Name.StartsWith("src/Godwit/Providers/", StringComparison.Ordinal)
                        // Storage may not use Providers; what an address kind leads to stands in one table of its own.
                        && file.Name != "src/Godwit/Storage/S3/S3Services.cs"
                    from line in file.Lines
                    where Provider().IsMatch(line.Text)
                    select $"{file}:{line.Number}: {line.Text.Trim()}";
        Findings.None(names,
            "What one provider does belongs into src/Godwit/Providers/; say 'the provider' elsewhere.");
    }

    [Fact]
    public void What_a_run_remembers_has_a_key_that_is_declared_once()
    {
        var texts = from file in Repository.Product
                    from line in file.Lines
                    where RawKey().IsMatch(line.Text)
                    select $"{file}:{line.Number}: {line.Text.Trim()}";
        Findings.None(texts, "Declare a RunKey where it is written, and pass it to whoever else needs it.");
        var keys = from file in Repository.Product
                   from line in file.Lines
                   from Match key in Key().Matches(line.Text)
                   group file by key.Groups[1].Value;
        Assert.NotEmpty(keys);
        Findings.None(from key in keys where key.Count() > 1 select $"{key.Key}: {string.Join(", ", key)}",
            "Two rooms never share a name: pass the key.");
    }

    [Fact]
    public void One_thing_is_not_named_in_the_plural()
    {
        var counted = from file in Repository.Product
                      // What Heroku itself says is repeated as Heroku says it.
                      where !file.Name.StartsWith("src/Godwit.HerokuLocal/", StringComparison.Ordinal)
                      from line in file.Lines
                      where Plural().IsMatch(line.Text) && !line.Text.Contains("== 1 ?", StringComparison.Ordinal)
                      select $"{file}:{line.Number}: {line.Text.Trim()}";
        Findings.None(counted, "Say it with Phrase.Count(number, \"table\"): one is no plural.");
    }

    [Fact]
    public void Nothing_names_a_place_only_one_machine_has()
    {
        var names = from file in Repository.Files
                    where file.Name != "test/Godwit.Tests/Tidy/CodeTests.cs"
                    from line in file.Lines
                    where Place().IsMatch(line.Text)
                    select $"{file}:{line.Number}: {line.Text.Trim()}";
        Findings.None(names, "A clone builds anywhere, from whatever registry the machine is set up with.");
    }

    [Fact]
    public void No_exception_is_swallowed_without_a_word()
    {
        var empty = from file in Repository.CSharp
                    from Match match in EmptyCatch().Matches(file.Text)
                    select $"{file}:{file.Text[..match.Index].Count(c => c == '\n') + 1}";
        Findings.None(empty, "Handle it, or say in a comment inside the braces why there is nothing to do.");
    }

    [Fact]
    public void Only_the_process_runner_starts_programs()
    {
        var starts = from module in Assemblies.Product.Append(Assemblies.Tests)
                     from type in module.AllTypes()
                     where type.Outermost().FullName != "Godwit.Postgres.ProcessRunner"
                     from instruction in type.Instructions()
                     where instruction.Operand
                         is MethodReference { Name: "Start", DeclaringType.FullName: "System.Diagnostics.Process" }
                     select type.Outermost().FullName;
        Findings.None(starts.Distinct(),
            "Start it through IProcessRunner: arguments, secrets and ends are handled there.");
    }

    [Fact]
    public void Only_the_executable_has_a_screen()
    {
        var screens = from module in new[] { Assemblies.Engine, Assemblies.HerokuLocal, Assemblies.PgArchive }
                      from type in module.AllTypes()
                      where !type.IsGenerated()
                      from other in type.Mentioned()
                      where other.FullName == "System.Console"
                          || other.Namespace.StartsWith("Spectre.", StringComparison.Ordinal)
                      select $"{type.FullName} mentions {other.FullName}";
        Findings.None(screens.Distinct(), "Report an event, or take a callback.");
    }

    [Fact]
    public void Every_asynchronous_door_can_be_cancelled()
    {
        var deaf = from module in new[] { Assemblies.Engine, Assemblies.HerokuLocal, Assemblies.PgArchive }
                   from type in module.AllTypes()
                   where type.IsPublic && !type.IsGenerated()
                   from method in type.Methods
                   where method.IsPublic && IsAsynchronous(method) && !IsForeign(method)
                       && method.Parameters.All(parameter =>
                           parameter.ParameterType.FullName != "System.Threading.CancellationToken")
                   select $"{type.FullName}.{method.Name}";
        Findings.None(deaf, "Take a CancellationToken ct last (before params only) and pass it on.");
    }

    [GeneratedRegex("""(Recall|Remember|TryGetValue|GetValueOrDefault)\(\$?"[a-z_]+\.[a-z_.]+""")]
    private static partial Regex RawKey();

    [GeneratedRegex(@"RunKey\.\w+\(""([a-z_.]+)""")]
    private static partial Regex Key();

    // A number, and a noun behind it that Phrase.Count would have put into the singular.
    [GeneratedRegex(@"\{[\w.]*(?:\(\w*\))?\} (?:tables|extensions|rows|columns|views|sequences|roles|objects"
        + @"|functions|indexes|databases|sessions|warnings|apps|others stay)\b"
        + @"|\.Number\([^}]*\)\} (?:tables|extensions|rows|columns|sequences|roles|objects"
            + @"|functions|indexes|databases|sessions|warnings)\b")]
    private static partial Regex Plural();

    [GeneratedRegex(@"(\.(cs|csproj|props|targets|sh|py|js|yml|yaml|sql)$)|^[^.]+$")]
    private static partial Regex Code();

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"Aiven|UpCloud|Vultr|Linode|Akamai|DigitalOcean|Supabase|Crunchy ?Bridge"
        + @"|Cloud ?SQL|CloudSql|\bRDS\b|\bAurora\b|Azure ?Database|Timescale ?Cloud")]
    private static partial Regex Provider();

    [GeneratedRegex(@"(?<![\w./])/work(/|\b)|\.\./shared\b|registry\.npmjs\.org|nuget\.org|deb\.debian\.org"
        + @"|pypi\.org|files\.pythonhosted\.org|crates\.io")]
    private static partial Regex Place();

    [GeneratedRegex(@"\bcatch\b\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    private static bool IsAsynchronous(MethodDefinition method) =>
        method.ReturnType.Namespace == "System.Threading.Tasks"
        && method.ReturnType.Name.Split('`')[0] is "Task" or "ValueTask";

    /// <summary>Its shape is somebody else's: an override, or the implementation of an interface that is not
    /// ours.</summary>
    private static bool IsForeign(MethodDefinition method) =>
        method.Name == "DisposeAsync" || (method.IsVirtual && !method.IsNewSlot);
}
