namespace Godwit.Postgres;

/// <param name="Type">PostgreSQL's name.</param>
/// <param name="TypeOid">For a domain, that of its base type.</param>
public sealed record ResultColumn(string Name, string Type, uint TypeOid);
