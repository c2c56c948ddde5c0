using CarbonMarket.MainJob.Gateway;
using CarbonMarket.MainJob.Plan;
using CarbonMarket.MainJob.Registry;

namespace CarbonMarket.MainJob.Play;

/// <summary>
/// Who takes part, each with a client and accounts of its own. The operators of the registry take part under names made
/// of their number, because their orders are invented and must not be told of a real company.
/// </summary>
public sealed class Cast
{
    /// <summary>The client of the first official beside the first operator, whom nobody had to confirm.</summary>
    public const string FirstOfficial = "regulator-official-1";

    private readonly Dictionary<string, Member> _operators;
    private readonly Dictionary<Guid, string> _operatorOf;

    public Cast(RegistryExtract extract, Ids ids, ApiClient first)
    {
        FirstOperator = first;
        Regulator = Of("regulator", "Emissions Authority", "regulator", FirstOfficial);
        SecondOfficial = ApiClient.DerivedFrom(first, "regulator-official-2");
        Auctioneer = Of("auctioneer", "Auction House", "trader", "auctioneer");
        Verifier = Of("verifier", "Verification Body", "verifier", "verifier");
        Auditor = Of("auditor", "Audit Office", "auditor", "auditor");
        _operators = extract.Operators.ToDictionary(row => row.Id, row => Of(
            $"operator-{row.Id}", $"Operator {row.Id}", "emitter", $"operator-{row.Id}"), StringComparer.Ordinal);
        _operatorOf = _operators.ToDictionary(entry => entry.Value.ParticipantId, entry => entry.Key);

        Member Of(string key, string name, string kind, string clientId) => new(
            ids.For("participant", key), name, kind, ApiClient.DerivedFrom(first, clientId),
            ids.For("holding-account", key), ids.For("trading-account", key));
    }

    /// <summary>The market operator's client the system was started with.</summary>
    public ApiClient FirstOperator { get; }

    /// <summary>Its own client is the first official's.</summary>
    public Member Regulator { get; }

    /// <summary>Approves what the first official proposed.</summary>
    public ApiClient SecondOfficial { get; }

    public Member Auctioneer { get; }

    public Member Verifier { get; }

    public Member Auditor { get; }

    public IEnumerable<Member> Operators => _operators.Values;

    public IEnumerable<Member> Everybody => [Regulator, Auctioneer, Verifier, Auditor, .. Operators];

    public Member Operator(string operatorId) => _operators[operatorId];

    /// <summary>Null when the participant is none of the registry's operators.</summary>
    public string? OperatorOf(Guid participantId) => _operatorOf.GetValueOrDefault(participantId);
}

public sealed record Member(
    Guid ParticipantId, string Name, string Kind, ApiClient Client, Guid HoldingAccountId, Guid TradingAccountId);
