namespace CarbonMarket.Settlement.Ledger;

/// <summary>What may be asked of a market's ledger; each feature declares its own beside its decision.</summary>
/// <param name="At">Legal time.</param>
public abstract record LedgerCommand(DateTimeOffset At);

/// <summary>
/// What happened in a market's ledger. Stored for ever: change only by adding; the names are in <see cref="EventNames"/>.
/// Properties that end in ParticipantId name those whose history the event belongs to.
/// </summary>
/// <param name="At">Legal time.</param>
public abstract record LedgerEvent(DateTimeOffset At);
