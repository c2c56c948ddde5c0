using System.Collections.Immutable;
using System.Diagnostics;
using CarbonMarket.Kernel;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Verification.Interests.InterestEvent>;
using static CarbonMarket.Verification.Interests.InterestCommand;
using static CarbonMarket.Verification.Interests.InterestEvent;

namespace CarbonMarket.Verification.Interests;

public abstract record InterestCommand(string Market, Guid ParticipantId, DateTimeOffset At)
{
    /// <param name="Group">Null: it belongs to none.</param>
    public sealed record DeclareGroup(string Market, Guid ParticipantId, string? Group, DateTimeOffset At) : InterestCommand(Market, ParticipantId, At);

    /// <param name="CompilerParticipantId">Null: the entity compiles its own.</param>
    /// <param name="Covered">The entity reports on the year in this market.</param>
    /// <param name="Verifies">The compiler, or one of its group, is appointed for the year where it could not verify as the compiler.</param>
    public sealed record NameCompiler(
        string Market, Guid ParticipantId, ComplianceYear Year, Guid? CompilerParticipantId, bool Covered, bool Verifies, DateTimeOffset At)
        : InterestCommand(Market, ParticipantId, At);
}

// Stored for ever: change only by adding.
public abstract record InterestEvent
{
    private InterestEvent()
    {
    }

    public sealed record GroupDeclared(string Market, Guid ParticipantId, string? Group, DateTimeOffset At) : InterestEvent;

    public sealed record CompilerNamed(string Market, Guid ParticipantId, ComplianceYear Year, Guid? CompilerParticipantId, DateTimeOffset At)
        : InterestEvent;
}

/// <param name="CompilerParticipantId">Who compiled the entity's report for the year (报告编制).</param>
public sealed record Compilation(ComplianceYear Year, Guid CompilerParticipantId);

/// <summary>What ties a participant to others (利益关系): its group of companies, and who compiles its reports.</summary>
public sealed record Interest(Guid Id, string Market, Guid ParticipantId, string? Group, ImmutableArray<Compilation> Compilations)
{
    public static Guid IdOf(string market, Guid participantId) => DeterministicGuid.From(participantId, $"verification:interest:{market}");

    public static Decision<InterestEvent> Decide(Interest? interest, InterestCommand command) => command switch
    {
        DeclareGroup c when interest?.Group == c.Group => Accept(),
        DeclareGroup c => Accept(new GroupDeclared(c.Market, c.ParticipantId, c.Group, c.At)),
        NameCompiler c when c.CompilerParticipantId == c.ParticipantId =>
            Reject("compiler-is-the-entity", "Who compiles its own report names nobody."),
        NameCompiler c when interest?.CompilerOf(c.Year) == c.CompilerParticipantId => Accept(),
        NameCompiler { CompilerParticipantId: not null, Covered: false } c =>
            Reject("entity-not-covered", $"Participant {c.ParticipantId} is not covered for {c.Year} in {c.Market}: it has no report that could be compiled."),
        NameCompiler { CompilerParticipantId: { } compiler, Verifies: true } c => Reject(
            "compiler-verifies",
            $"{compiler}, or one of its group, is appointed as a verifier for {c.Year} in {c.Market}; the regulator dismisses it before it is named."),
        NameCompiler c => Accept(new CompilerNamed(c.Market, c.ParticipantId, c.Year, c.CompilerParticipantId, c.At)),
        _ => throw new UnreachableException(command.ToString()),
    };

    public static Interest After(Interest? interest, InterestEvent @event) => @event switch
    {
        GroupDeclared e => (interest ?? Of(e.Market, e.ParticipantId)) with { Group = e.Group },
        CompilerNamed e => (interest ?? Of(e.Market, e.ParticipantId)).With(e.Year, e.CompilerParticipantId),
        _ => throw new UnreachableException(@event.ToString()),
    };

    public Guid? CompilerOf(ComplianceYear year) => Compilations.FirstOrDefault(one => one.Year == year)?.CompilerParticipantId;

    private static Interest Of(string market, Guid participantId) => new(IdOf(market, participantId), market, participantId, null, []);

    private Interest With(ComplianceYear year, Guid? compiler)
    {
        var others = Compilations.Where(one => one.Year != year);
        return this with { Compilations = [.. compiler is { } named ? others.Append(new Compilation(year, named)) : others] };
    }
}
