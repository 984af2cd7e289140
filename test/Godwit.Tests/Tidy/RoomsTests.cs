using Mono.Cecil;

namespace Godwit.Tests.Tidy;

public sealed class RoomsTests
{
    [Fact]
    public void No_room_uses_a_room_it_may_not()
    {
        var crossings = from module in Assemblies.Product
                        from type in module.AllTypes()
                        where !type.IsGenerated()
                        let home = Rooms.Home(type)
                        from other in type.Mentioned()
                        let room = Rooms.Of(other)
                        where room is not null && room != home
                            && !(Rooms.MayUse.TryGetValue(home, out var allowed) && allowed.Contains(room))
                        select $"{home} uses {room}: {Readable(type)} mentions {other.FullName}";
        Findings.None(crossings.Distinct(),
            "The directions stand in ARCHITECTURE.md: turn the reference round, or pass in what the room needs.");
    }

    [Fact]
    public void Every_direction_that_is_allowed_is_used()
    {
        var used = (from module in Assemblies.Product
                    from type in module.AllTypes()
                    where !type.IsGenerated()
                    from other in type.Mentioned()
                    let room = Rooms.Of(other)
                    where room is not null
                    select (Home: Rooms.Home(type), Room: room)).ToHashSet();
        Findings.None(from row in Rooms.MayUse
                      from room in row.Value
                      where !used.Contains((row.Key, room))
                      select $"{row.Key} does not use {room}",
            "Take it out of Rooms.MayUse and of ARCHITECTURE.md: what nobody needs must be asked for first.");
    }

    [Fact]
    public void Every_room_is_in_the_table() =>
        Findings.None(Rooms.Existing.Except(Rooms.MayUse.Keys).Select(room => $"{room} is a room nobody planned"),
            "Put the type into the room it belongs to, or add the room to Rooms.MayUse and to ARCHITECTURE.md.");

    [Fact]
    public void No_room_of_the_engine_is_empty()
    {
        var folders = Directory.GetDirectories(Path.Combine(Repository.Root, "src", "Godwit"))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(folder => folder is not ("bin" or "obj"));
        Findings.None(folders.Except(Rooms.Existing)
            .Select(folder => $"src/Godwit/{folder}/ holds no type of the namespace Godwit.{folder}"),
            "A room exists when it has something in it.");
    }

    [Fact]
    public void No_room_has_a_name_that_says_nothing()
    {
        string[] empty = ["Common", "Core", "Util", "Utils", "Helper", "Helpers", "Shared", "Misc"];
        var folders = Repository.CSharp.SelectMany(file => file.Name.Split('/')[..^1]
            .Where(part => empty.Contains(part, StringComparer.OrdinalIgnoreCase))
            .Select(part => $"{file} lies in a folder named {part}"));
        Findings.None(folders, "Name the folder after what is in it.");
    }

    [Fact]
    public void Every_room_of_the_engine_says_once_what_it_is_for()
    {
        var headers = Repository.Product.Where(file =>
            Rooms.MayUse.Keys.Any(room => file.Text.StartsWith($"// {room}: ", StringComparison.Ordinal)))
            .Select(file => (file.Name, Room: file.Text[3..file.Text.IndexOf(':', StringComparison.Ordinal)])).ToList();
        var silent = Rooms.Existing.Except(["HerokuLocal", "App"]).Except(headers.Select(header => header.Room))
            .Select(room => $"{room} says nothing");
        var twice = headers.GroupBy(header => header.Room).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(header => header.Name))}");
        Findings.None(silent.Concat(twice),
            "The room's first file begins with '// Room: what it is for', and what it does not know; "
            + "see Pipeline/IStep.cs.");
    }

    [Fact]
    public void A_crossing_inside_an_async_method_body_would_be_seen()
    {
        var sample = Assemblies.Tests.AllTypes().Where(type =>
            type.FullName.StartsWith(typeof(Sample).FullName!.Replace('+', '/'), StringComparison.Ordinal));
        Assert.Contains(sample.SelectMany(type => type.Mentioned()),
            other => other.FullName == "System.Text.StringBuilder");
    }

    private static string Readable(TypeDefinition type) =>
        type.DeclaringType is null ? type.FullName : type.Outermost().FullName;

    /// <summary>Something for the reader to find: its own shape says nothing about the StringBuilder.</summary>
    private static class Sample
    {
        public static async Task<int> UseAsync(IReadOnlyList<int> numbers)
        {
            await Task.Yield();
            return numbers.Select(number => new System.Text.StringBuilder().Append(number).Length).Sum();
        }
    }
}
