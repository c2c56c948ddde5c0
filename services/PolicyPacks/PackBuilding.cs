using System.Collections.Immutable;
using static CarbonMarket.PolicyPacks.PackFile;

namespace CarbonMarket.PolicyPacks;

/// <summary>Makes packs of a file without faults; the checks have seen to it that every member is there.</summary>
internal static class PackBuilding
{
    public static ImmutableArray<PolicyPack> Build(PackFile file, ImmutableSortedDictionary<string, string> sources)
    {
        var versions = file.Versions.OrderBy(version => Day(version.ValidFrom!.Value!)).ToList();
        return [.. versions.Select((version, index) => new PolicyPack
        {
            Market = file.Market!,
            Version = version.Version!,
            Name = file.Name!.En!,
            NameZh = file.Name.Zh!,
            TimeZone = file.TimeZone!,
            ValidFrom = Day(version.ValidFrom!.Value!),
            ValidTo = version.ValidTo is { Value: { } to } ? Day(to)
                : index + 1 < versions.Count ? Day(versions[index + 1].ValidFrom!.Value!).AddDays(-1) : null,
            Currency = new Currency(file.Currency!.Code!, file.Currency.MinorUnits!.Value),
            Instruments = [.. version.Instruments.SelectMany(Instruments)],
            Composites = [.. version.Instruments.Where(part => part.Composite is { Value: true }).Select(Composite)],
            Trading = Trading(version.Trading, version.Instruments),
            Compliance = Compliance(version.Compliance),
            Registry = Registry(version.Registry),
            Verification = Verification(version.Verification),
            Allocation = Allocation(version.Allocation),
            Parameters = [.. version.Parameters.Select(Parameter)],
            Sources = sources,
            Documents = file.Documents,
        })];
    }

    private static Instrument Composite(InstrumentPart part) => new()
    {
        Id = part.Id!, Name = part.Name!.En!, NameZh = part.Name.Zh!, Kind = Word<InstrumentKind>(part.KindOrAllowance), Unit = part.Unit!,
        LotSize = part.LotSize!.Value, TickMinor = part.TickMinor!.Value,
    };

    private static IEnumerable<Instrument> Instruments(InstrumentPart part) => part.Expanded.Select(one => new Instrument
    {
        Id = one.Id,
        Name = one.Vintage is { } year ? $"{part.Name!.En} {year}" : part.Name!.En!,
        NameZh = one.Vintage is { } vintage ? $"{part.Name.Zh}{vintage}" : part.Name.Zh!,
        Kind = Word<InstrumentKind>(part.KindOrAllowance),
        Unit = part.Unit!,
        Vintage = one.Vintage,
        Composite = part.Composite is { Value: true } ? part.Id : null,
        Region = part.Region?.Value,
        EnergyBasis = Word<EnergyBasis>(part.EnergyBasis),
        Quota = Word<EnergyQuota>(part.Quota),
        LotSize = part.LotSize!.Value,
        TickMinor = part.TickMinor!.Value,
        ListedBelowQuantity = part.ListedBelowQuantity?.Value,
        PriceBandBasisPoints = part.PriceBandBasisPoints?.Value,
        BlockPriceBandBasisPoints = part.BlockPriceBandBasisPoints?.Value,
        BasePriceMinor = part.BasePriceMinor?.Value,
        SameDayResaleBanned = part.SameDayResaleBanned!.Value,
        BandRounding = Word<BandRounding>(part.BandRounding) ?? default,
        SelfTrade = Word<SelfTradePrevention>(part.SelfTrade) ?? default,
        LargestOrderQuantity = part.LargestOrderQuantity?.Value,
        LargestOrderValueMinor = part.LargestOrderValueMinor?.Value,
        PositionLimit = part.PositionLimit?.Value,
        LargeTraderReportFrom = part.LargeTraderReportFrom?.Value,
        Fees = part.FeeBasisPoints is { } fees ? new TradeFees(fees.Buyer, fees.Seller) : null,
        TimesInForce = part.TimesInForce is { Value: { } words }
            ? words.Aggregate(TimesInForce.None, (times, word) => times | Word<TimesInForce>(word))
            : Instrument.TimesInForceUnlessSaid,
        LongestGoodTillDays = part.LongestGoodTillDays?.Value,
        PriceRunHalt = part.PriceRunHalt is { } halt
            ? new PriceRunHalt(halt.Count, halt.Seconds, halt.Minutes) { Participants = halt.Participants ?? Math.Min(2, halt.Count) }
            : null,
    });

    private static TradingRules Trading(TradingPart part, IReadOnlyList<InstrumentPart> instruments) => new()
    {
        Days = [.. part.Days!.Value!.Select(day => Enum.Parse<DayOfWeek>(day, ignoreCase: true))],
        Holidays = [.. part.Holidays.SelectMany(Days).Order()],
        Sessions = [.. part.Sessions.Select(session => Session(session, instruments)).OrderBy(session => session.Opens)],
        Closing = Word<ClosingRule>(part.Closing) ?? default,
        MessagesPerSecond = part.MessagesPerSecond?.Value,
        MostOpenOrders = part.MostOpenOrders?.Value ?? TradingRules.MostOpenOrdersUnlessSaid,
        MostOrdersPerDay = part.MostOrdersPerDay?.Value ?? TradingRules.MostOrdersPerDayUnlessSaid,
        MostOpenBlocks = part.MostOpenBlocks?.Value ?? TradingRules.MostOpenBlocksUnlessSaid,
        MostOwnAuctions = part.MostOwnAuctions?.Value ?? TradingRules.MostOwnAuctionsUnlessSaid,
        Auctions = part.Auctions,
        Surveillance = part.Surveillance,
    };

    private static Session Session(SessionPart part, IReadOnlyList<InstrumentPart> instruments) =>
        new(part.Mode!, Time(part.Opens!), Time(part.Closes!))
        {
            Purpose = part.Purpose is { } purpose ? Word<CallPurpose>(purpose) : null,
            Instruments = part.IsForAll ? [] : [.. part.For(instruments)],
        };

    private static IEnumerable<DateOnly> Days(HolidayPart holiday)
    {
        var (from, to) = (Day(holiday.From!), Day(holiday.To!));
        return Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays);
    }

    private static ComplianceRules Compliance(CompliancePart part) => new()
    {
        FirstYear = part.FirstYear!.Value,
        Unit = part.Unit!,
        ReportDeadline = Deadline(part.ReportDeadline!),
        SurrenderDeadline = Deadline(part.SurrenderDeadline!),
        StatusRule = part.StatusRule!.Value!,
        NoticeDays = [.. (part.NoticeDays?.Value ?? []).OrderDescending()],
        UsableVintages = [.. part.UsableVintages.Select(usable => new UsableVintages(
            usable.FirstYear, usable.LastYear, usable.FirstVintage, usable.LastVintage, usable.Late,
            PackChecks.Date(usable.ValidFrom), PackChecks.Date(usable.ValidTo)))],
        CarryOvers = [.. part.CarryOvers.Select(CarryOver)],
        Exceptions = [.. part.Exceptions.Select(exception => new DeadlinesOfYear(
            exception.Year!.Value, PackChecks.Date(exception.Report), PackChecks.Date(exception.Surrender)))],
    };

    private static CarryOverRules CarryOver(CarryOverPart part) => new()
    {
        IntoYear = part.IntoYear,
        FirstVintage = part.FirstVintage,
        LastVintage = part.LastVintage,
        FirstTradingYear = part.FirstTradingYear,
        LastTradingYear = part.LastTradingYear,
        SnapshotDay = Day(part.Snapshot!.Day!),
        SnapshotTime = Time(part.Snapshot.Time!),
        Opens = Day(part.Opens!),
        Batches = [.. part.Batches.Select(batch => new CarryOverBatch(Day(batch.RequestsTo!), Day(batch.ProcessedOn!))).OrderBy(batch => batch.RequestsTo)],
        BarredIfLate = [.. part.BarredIfLate],
    };

    private static RegistryRules Registry(RegistryPart part) => new()
    {
        AccountNumberPrefix = part.AccountNumberPrefix!,
        WorkingHours = part.WorkingHours is { } hours
            ? new WorkingHours(
                [.. hours.Days!.Value!.Select(Word<DayOfWeek>)], Time(hours.Opens!), Time(hours.Closes!), [.. hours.MakeUpDays.Select(Day)])
            : null,
        TrustDelayWorkingHours = part.TrustDelayWorkingHours?.Value,
        UndeliveredTradeRetries = part.UndeliveredTradeRetries?.Value,
        RiskReserveBasisPoints = part.RiskReserveBasisPoints?.Value,
        AccountTypes = [.. part.AccountTypes.Select(type => new AccountType(type.Id!, type.HeldBy!, type.HoldsUnits, type.HoldsCash))],
        AccountStatuses = [.. part.AccountStatuses.Select(status => new AccountStatus(status.Id!, [.. status.Sends], [.. status.Receives]))],
        TransactionTypes = [.. part.TransactionTypes.Select(type => new TransactionType
        {
            Id = type.Id!,
            Name = type.Name!.En!,
            NameZh = type.Name.Zh!,
            From = [.. type.From],
            To = [.. type.To],
            ProposedBy = Word<Proposer>(type.ProposedBy!),
            ApprovedBy = Word<Approver>(type.ApprovedBy!),
            Holders = type.Holders is { } holders ? Word<Holders>(holders) : default,
            Recipients = type.Recipients is { } recipients ? Word<Recipients>(recipients) : default,
            Kinds = [.. type.Kinds.Select(Word<InstrumentKind>)],
            DelayWorkingHours = type.DelayWorkingHours,
            Reverses = [.. type.Reverses],
            ReverseWithinDays = type.ReverseWithinDays,
            MovesFrozen = type.MovesFrozen,
            OwnYearFirst = type.OwnYearFirst,
            SettlesDebts = type.SettlesDebts,
        })],
    };

    private static VerificationRules Verification(VerificationPart part) => new()
    {
        Appointed = part.Appointed?.Value ?? false,
        SiteVisit = part.SiteVisit?.Value ?? false,
        CompilersBarred = part.CompilersBarred?.Value ?? false,
        AmendedOnceReopened = part.AmendedOnceReopened?.Value ?? false,
        StatementDeadline = part.StatementDeadline is { } deadline ? Deadline(deadline) : null,
        ExcludedMethods = [.. part.ExcludedMethods.Select(excluded => new ExcludedMethod(excluded.Method!, excluded.FirstYear, excluded.LastYear))],
    };

    private static AllocationRules Allocation(AllocationPart part) => new()
    {
        Divisions = [.. part.Divisions.Select(division => new Division(division.Code!, division.Name!.En!, division.Name.Zh!, division.Within))],
        Categories = [.. part.Categories.Select(category => new AllocationCategory(
            category.Id!, category.Name!.En!, category.Name.Zh!, category.FirstYear, category.LastYear, category.Instrument!, category.MethodPack!,
            category.Scope, category.Method!, category.Pre, category.Floor, category.Entity,
            new IssueMethod(category.Issue!.Method!, category.Issue.Final!, category.Issue.Before!), category.Benchmark))],
        SpecialCases = [.. part.SpecialCases.Select(known => new SpecialCase(known.Id!, known.Name!.En!, known.Name.Zh!,
            [.. known.Treatments.Select(treatment => new TreatmentOfYears(treatment.FirstYear, treatment.LastYear, Word<Treatment>(treatment.Treatment!), treatment.InTrust)
            {
                Categories = [.. treatment.Categories],
            })]))],
    };

    private static Parameter Parameter(ParameterPart part) => new(part.Id!, part.Unit!, part.Meaning!, [.. part.Values.Select(value =>
        new ParameterValue(
            value.Value, value.FirstYear, value.LastYear, PackChecks.Date(value.ValidFrom), PackChecks.Date(value.ValidTo), value.Source!))]);

    private static MonthDay Deadline(Sourced<string> part) => MonthDay.TryParse(part.Value, out var day)
        ? day
        : throw new InvalidOperationException($"{part.Value} has passed the checks but is no day.");

    private static DateOnly Day(string text) => PackChecks.Date(text)
        ?? throw new InvalidOperationException($"{text} has passed the checks but is no day.");

    private static TimeOnly Time(string text) => PackChecks.Time(text)
        ?? throw new InvalidOperationException($"{text} has passed the checks but is no time.");

    private static T? Word<T>(Sourced<string>? part)
        where T : struct, Enum => part?.Value is { } word ? Word<T>(word) : null;

    /// <summary>The schema's words are the names of our enums: <c>good-till-date</c> is GoodTillDate.</summary>
    private static T Word<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true);
}
