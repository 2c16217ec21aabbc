package com.zaxxer.hikari.sample;

/** Stands for any class of HikariCP, which the fixtures' class path does not have. */
public class PoolClass {}
